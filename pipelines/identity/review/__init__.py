"""What people are shown and answer, and how good the linkage is by their answers."""
