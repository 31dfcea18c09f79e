using PeakS3Feed.Aws;

namespace PeakS3Feed.Sources;

/// <summary>
/// Finds where a listing can be divided so that its parts are listed at the same time: between folders where they are known, and otherwise at a text
/// that is computed from the keys so far. A place may turn out bad, which costs a request and never a key. Not safe for concurrent use.
/// </summary>
/// <param name="prefix">The prefix of the listing.</param>
internal sealed class ListingSplits(string prefix)
{
    private const int SampledEvery = 16;

    // A search for folders must find places for so many parts.
    private const int MinPartsOfSearch = 4;

    private readonly KeyAlphabets _alphabets = new(prefix);

    /// <summary>The known folders.</summary>
    public FolderMarks Folders { get; } = new(prefix);

    /// <summary>Learns from a page.</summary>
    public void Learn(PackedObjects page)
        => _alphabets.Learn(new(page.First, page.Last, 0), page.SampleKeys(SampledEvery).Append(page.Last));

    /// <summary>Forgets what concerns only keys before this one.</summary>
    public void ForgetBefore(string key)
    {
        Folders.ForgetBefore(key);
        _alphabets.ForgetBefore(key);
    }

    /// <summary>Returns where to divide a part whose next page is on its way, so that some pages stay in front.</summary>
    /// <param name="segment">The part.</param>
    /// <param name="pages">How many pages stay in front.</param>
    public ListingSplit? Find(ListingSegment segment, double pages)
    {
        if (segment is not { Extent: { } page, Position: { } from })
            return null;
        // Half a page less, because folders of one size could end with a page, and then one more request would find nothing.
        var skipped = Math.Max(1, (int)Math.Ceiling((pages - 0.5) * (page.Folders > 0 ? page.Folders : Folders.Average)));
        var (first, count) = Folders.Between(from, segment.UpTo);
        if (count >= skipped)
            return new(Folders[first + skipped - 1], null);
        var search = Folders.Inspect(segment, page, MinPartsOfSearch * skipped);
        if (search.Knowledge == FolderKnowledge.Searchable)
            return new(search.After, search.Folder);
        // If all folders are known, the few that are left fill fewer pages.
        if (search.Knowledge == FolderKnowledge.Pending || (search.Knowledge == FolderKnowledge.Whole && count > 0) || !segment.MayJump)
            return null;
        var place = _alphabets.Jump(from, page, pages * segment.Reach, mayLeave: segment.Arrived >= FolderMarks.MinPagesOfFolder);
        return place is not null && IsBetween(place, from, segment.UpTo, search.Knowledge) ? new(place, null) : null;
    }

    private bool IsBetween(string place, string from, string? upTo, FolderKnowledge knowledge)
        => place.StartsWith(knowledge == FolderKnowledge.Whole ? CommonFolder(from, upTo) : prefix, StringComparison.Ordinal)
        && KeyOrder.Instance.Compare(place, from) > 0 && (upTo is null || KeyOrder.Instance.Compare(place, upTo) < 0);

    // If there is no other folder up to the end of the part, what is left is in the folder of its last key.
    private string CommonFolder(string from, string? upTo)
    {
        var slash = from.IndexOf('/', Math.Max(prefix.Length, from.AsSpan().CommonPrefixLength(upTo)));
        return slash < 0 ? prefix : from[..(slash + 1)];
    }
}

/// <summary>Where a part of a listing is divided, or which folder should be searched for places.</summary>
/// <param name="After">The text after which the second part begins, or the search.</param>
/// <param name="Folder">The folder to search; null to divide.</param>
internal sealed record ListingSplit(string After, string? Folder);
