// Two at a time, as there are two processors; what measures or kills processes runs alone (Support/Alone.cs).
[assembly: CollectionBehavior(MaxParallelThreads = 2)]
