"""What the code imports against what the environment brings: who owns a module, who declares it."""
