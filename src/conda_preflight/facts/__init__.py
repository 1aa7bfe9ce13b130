"""Tables of facts about the world, each row with its source."""
