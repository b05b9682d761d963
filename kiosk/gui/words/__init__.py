"""What the screens say: texts by language, and which of them goes with which answer. No Qt."""
