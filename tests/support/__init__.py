"""Real servers and machines that tests use where they are found."""
