"""What is heard: the sounds of the answers, and sentences read aloud."""
