// Whole processes are measured here: one at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
