namespace Ductape.MassTransit.MemoryWorker;

/// <summary>The bytes that are still reachable.</summary>
internal static class LiveMemory
{
    public static long Bytes()
    {
        // What a finalizer lets go is garbage only at the next collection.
        for (var i = 0; i < 3; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
        return GC.GetTotalMemory(forceFullCollection: false);
    }

    public static void Print() => Console.WriteLine(Bytes());
}
