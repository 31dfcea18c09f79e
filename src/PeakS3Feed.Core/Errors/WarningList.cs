namespace PeakS3Feed.Errors;

/// <summary>Collects warnings in their order. A warning with the id and subject of an earlier one only adds to its count. Not thread-safe.</summary>
public sealed class WarningList
{
    private readonly Dictionary<(string Id, string Subject), int> _places = [];
    private readonly List<FeedWarning> _items = [];
    private readonly int _max;

    /// <summary>Creates an empty list.</summary>
    /// <param name="max">The maximum number of warnings to keep; <see cref="Total"/> includes those beyond it.</param>
    public WarningList(int max = int.MaxValue) => _max = max;

    /// <summary>The warnings.</summary>
    public IReadOnlyList<FeedWarning> Items => _items;

    /// <summary>The number of warnings, kept or not. Each warning that is not kept counts separately.</summary>
    public long Total { get; private set; }

    /// <summary>Adds a warning, or adds its count to the warning with the same id and subject.</summary>
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

    /// <summary>Adds the warnings of another list, and the number of warnings that it did not keep.</summary>
    public void AddRange(WarningList other)
    {
        ArgumentNullException.ThrowIfNull(other);
        AddRange(other._items);
        Total += other.Total - other._items.Count;
    }

    /// <summary>Returns all warnings and empties the list.</summary>
    public IReadOnlyList<FeedWarning> Take()
    {
        if (_items.Count == 0)
            return [];
        IReadOnlyList<FeedWarning> taken = [.. _items];
        Clear();
        return taken;
    }

    /// <summary>Removes all warnings.</summary>
    public void Clear()
    {
        _items.Clear();
        _places.Clear();
        Total = 0;
    }
}
