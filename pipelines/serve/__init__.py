"""What a person looks at in a browser on this machine: the pairs to answer, and the report of the linkage."""
