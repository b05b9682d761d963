"""Stands where a screen reader would; for the system's own Python, which has its library.

`listener.py APPLICATION COUNT`: says "listening" once the application is there, waits until it was
told of COUNT announcements, ticks the first box that can be ticked, and prints what it met.
"""

# mypy: ignore-errors

import json
import sys

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

PATIENCE = 40_000  # milliseconds
EVERY = 100


class Listener:
    """Waits for an application, then for what it says."""

    def __init__(self, name, count):
        self.name, self.count = name, count
        self.application, self.said, self.ticked = None, [], []
        self.loop = GLib.MainLoop()
        self.listener = Atspi.EventListener.new(self.hear)
        self.listener.register("object:announcement")
        self.listener.register("object:state-changed:checked")

    def run(self):
        GLib.timeout_add(EVERY, self.look)
        GLib.timeout_add(PATIENCE, self.loop.quit)
        self.loop.run()
        nodes = list(tree(self.application)) if self.application else []
        print(json.dumps({"nodes": nodes, "said": self.said, "ticked": self.ticked}), flush=True)

    def look(self):
        desktop = Atspi.get_desktop(0)
        for number in range(desktop.get_child_count()):
            each = desktop.get_child_at_index(number)
            if each and each.get_name() == self.name and each.get_child_count():
                self.application = each
                print("listening", flush=True)
                return False
        return True

    def hear(self, event):
        if event.type.startswith("object:announcement"):
            self.said.append([event.any_data, event.detail1])
            if len(self.said) == self.count and not self.tick(self.application):
                self.loop.quit()
        elif event.detail1:
            self.ticked.append(event.source.get_name())
            self.loop.quit()

    def tick(self, node):
        """Tick the first box that can be ticked, as whoever cannot press keys does."""
        states = node.get_state_set()
        if node.get_role_name() == "check box" and states.contains(Atspi.StateType.SENSITIVE):
            return node.get_action_iface().do_action(0)
        inside = (node.get_child_at_index(n) for n in range(node.get_child_count()))
        return any(self.tick(each) for each in inside if each)


def tree(node, depth=0):
    states = [each.value_nick for each in node.get_state_set().get_states()]
    yield {
        "depth": depth,
        "role": node.get_role_name(),
        "name": node.get_name(),
        "description": node.get_description(),
        "states": states,
    }
    for number in range(node.get_child_count()):
        inside = node.get_child_at_index(number)
        if inside and (depth == 0 or "showing" in state_names(inside)):
            yield from tree(inside, depth + 1)


def state_names(node):
    return [each.value_nick for each in node.get_state_set().get_states()]


if __name__ == "__main__":
    Listener(sys.argv[1], int(sys.argv[2])).run()
