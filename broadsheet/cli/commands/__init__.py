"""What the commands are called, what they take, and how they explain themselves."""
