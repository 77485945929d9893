"""Who is who across files: linkage, clusters and persistent keys of persons, as pure functions over tables."""
