"""Linkage of persons: records in, clusters and persistent keys out, as functions over tables of DuckDB."""
