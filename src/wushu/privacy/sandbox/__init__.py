"""Programs of others, run where the data are: judged by their syntax, run in a process that can open nothing."""
