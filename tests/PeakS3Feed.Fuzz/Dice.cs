namespace PeakS3Feed.Fuzz;

/// <summary>All chance of a case; the same for the same seed.</summary>
internal sealed class Dice(ulong seed)
{
    // Seeds are consecutive numbers; what is made of them must not be alike.
    private readonly Random _random = new((int)(((seed + 0x9E3779B97F4A7C15) * 0xBF58476D1CE4E5B9) >> 33));

    /// <summary>From <paramref name="low"/> to <paramref name="high"/>, both included.</summary>
    public int Between(int low, int high) => (int)_random.NextInt64(low, (long)high + 1);

    /// <summary>True once in so many times.</summary>
    public bool OneIn(int times) => _random.Next(times) == 0;

    public T Pick<T>(params ReadOnlySpan<T> choices) => choices[_random.Next(choices.Length)];

    /// <summary>Mostly small, seldom up to <paramref name="limit"/>.</summary>
    public int Few(int limit) => Between(0, OneIn(12) ? limit : OneIn(3) ? Math.Min(limit, 40) : Math.Min(limit, 6));

    public byte Byte() => (byte)_random.Next(256);

    /// <summary>Sizes of the pieces in which a file arrives.</summary>
    public int[] Chunks()
    {
        var limit = Pick(1, 3, 16, 100, 1000, 70_000, 1_000_000);
        return [.. Enumerable.Range(0, Between(1, 8)).Select(_ => Between(1, limit))];
    }
}
