namespace PeakS3Feed.Errors;

/// <summary>
/// Warnings in the order in which they came, each once: one of the same id and subject only adds to the count of the first. For one thread at a time.
/// </summary>
public sealed class WarningList
{
    private readonly Dictionary<(string Id, string Subject), int> _places = [];
    private readonly List<FeedWarning> _items = [];
    private readonly int _max;

    /// <summary>Makes an empty list.</summary>
    /// <param name="max">The most warnings that are kept; <see cref="Total"/> counts those beyond it, too.</param>
    public WarningList(int max = int.MaxValue) => _max = max;

    /// <summary>The warnings.</summary>
    public IReadOnlyList<FeedWarning> Items => _items;

    /// <summary>How many there are, kept or not. Of those that are not kept, each counts.</summary>
    public long Total { get; private set; }

    /// <summary>Adds a warning, or its count to the one that says the same.</summary>
    public void Add(FeedWarning warning)
    {
        ArgumentNullException.ThrowIfNull(warning);
        var key = (warning.Id, warning.Subject);
        if (_places.TryGetValue(key, out var place))
        {
            _items[place] = _items[place] with { Count = _items[place].Count + warning.Count };
            return;
        }

        Total++;
        if (_items.Count >= _max)
            return;
        _places.Add(key, _items.Count);
        _items.Add(warning);
    }

    /// <summary>Adds warnings.</summary>
    public void AddRange(IEnumerable<FeedWarning> warnings)
    {
        ArgumentNullException.ThrowIfNull(warnings);
        foreach (var warning in warnings)
            Add(warning);
    }

    /// <summary>Adds the warnings of another list, and the number of those that it did not keep.</summary>
    public void AddRange(WarningList other)
    {
        ArgumentNullException.ThrowIfNull(other);
        AddRange(other._items);
        Total += other.Total - other._items.Count;
    }

    /// <summary>Takes all warnings out of the list.</summary>
    public IReadOnlyList<FeedWarning> Take()
    {
        if (_items.Count == 0)
            return [];
        IReadOnlyList<FeedWarning> taken = [.. _items];
        Clear();
        return taken;
    }

    /// <summary>Empties the list.</summary>
    public void Clear()
    {
        _items.Clear();
        _places.Clear();
        Total = 0;
    }
}
