using PeakS3Feed.Aws;

namespace PeakS3Feed.Sources;

/// <summary>
/// A part of a listing: the keys after one text, up to and including another one. Its pages follow one another. Not safe for concurrent use.
/// </summary>
/// <param name="after">The text before the first key; null for the start of the listing.</param>
/// <param name="upTo">The text after which no key belongs to this part; null for the end of the listing.</param>
internal sealed class ListingSegment(string? after, string? upTo)
{
    private const int MaxReach = 4;

    private const int MaxMisses = 10;

    private int _reach = 1;
    private int _minArrived;
    private int _misses;

    /// <summary>The pages that wait for the caller.</summary>
    public Queue<ListedPage> Pages { get; } = new();

    /// <summary>The text after which no key belongs to this part.</summary>
    public string? UpTo { get; set; } = upTo;

    /// <summary>The last key so far, or the text before the first one; null at the start of the listing.</summary>
    public string? Position { get; private set; } = after;

    /// <summary>The token of the next page; null for the first page.</summary>
    public string? Token { get; private set; }

    /// <summary>The last full page here or, before there is one, in the part before; null if there is none.</summary>
    public PageExtent? Extent { get; set; }

    /// <summary>Whether it has had a page with keys.</summary>
    public bool HasKeys { get; private set; }

    /// <summary>How many of its pages have arrived.</summary>
    public int Arrived { get; private set; }

    /// <summary>
    /// How many times as far as others it is divided by a computed text: twice as far for each part before that has no page yet, because nothing
    /// confirms that there are keys.
    /// </summary>
    public int Reach => Arrived > 0 ? 1 : _reach;

    /// <summary>
    /// Whether it may be divided by a computed text: not after two others that have no page yet, and after each text without keys behind it only when
    /// more pages have arrived.
    /// </summary>
    public bool MayJump => Reach <= MaxReach && Arrived >= _minArrived;

    /// <summary>Whether a page has been requested and has not arrived.</summary>
    public bool IsListing { get; set; }

    /// <summary>Whether there are no more pages.</summary>
    public bool IsDone { get; private set; }

    /// <summary>The error of a page, or null.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Divides it. Returns the part after the text.</summary>
    public ListingSegment Divide(string at)
    {
        var rest = new ListingSegment(at, UpTo) { Extent = Extent, _reach = Arrived > 0 ? 1 : 2 * _reach };
        UpTo = at;
        return rest;
    }

    /// <summary>Records that no keys were found in the part after it.</summary>
    public void Missed() => _minArrived = Arrived + (1 << Math.Min(++_misses, MaxMisses));

    /// <summary>Adds a page. Returns its memory in bytes; 0 if none of its keys belong here.</summary>
    /// <param name="page">The page.</param>
    /// <param name="folders">How many folders begin in it.</param>
    public int Add(ListingPage page, int folders)
    {
        var objects = page.Packed;
        (Token, IsDone) = (page.Next, page.Next is null);
        Arrived++;
        if (objects.Count == 0)
            return 0;
        if (page.Next is not null)
            Extent = new(objects.First, objects.Last, folders);
        // The caller reports keys that do not ascend when it comes to them.
        var isCut = UpTo is { } end && objects.IsAscending && KeyOrder.Instance.Compare(objects.Last, end) >= 0;
        IsDone |= isCut || !objects.IsAscending;
        if (isCut && KeyOrder.Instance.Compare(objects.First, UpTo) > 0)
            return 0;
        (Position, HasKeys) = (objects.Last, true);
        Pages.Enqueue(new(objects, isCut ? UpTo : null));
        return objects.Bytes;
    }
}

/// <summary>The keys of a page.</summary>
/// <param name="First">The first one.</param>
/// <param name="Last">The last one.</param>
/// <param name="Folders">How many folders begin in it, as far as they are known.</param>
internal sealed record PageExtent(string First, string Last, int Folders);

/// <summary>A page of a listing.</summary>
/// <param name="Packed">Its objects.</param>
/// <param name="UpTo">The text after which the objects are those of another page; null if all count.</param>
internal sealed record ListedPage(PackedObjects Packed, string? UpTo)
{
    /// <summary>Returns the objects that count.</summary>
    public IEnumerable<ListedObject> Objects => UpTo is null ? Packed.Read() : Packed.Read().TakeWhile(o => KeyOrder.Instance.Compare(o.Key, UpTo) <= 0);
}
