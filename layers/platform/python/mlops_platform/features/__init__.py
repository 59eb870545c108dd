"""One feature code: vectorised over tables in training, incremental over events in serving."""
