"""What a new project is made of: answers to a few questions, and the files that follow."""
