"""Cameras behind one port: a webcam, a video file, a folder of pictures."""
