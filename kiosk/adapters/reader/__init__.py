"""Codes out of pictures: the engines behind one port."""
