"""What is told about an environment to people who only read: its facts in plain values."""
