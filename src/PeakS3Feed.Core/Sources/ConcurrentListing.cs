using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using PeakS3Feed.Aws;

namespace PeakS3Feed.Sources;

/// <summary>
/// Lists the objects of a prefix with several requests at a time, and returns their pages in the order of their keys. The listing begins with one
/// page, and the next ones follow it. If the caller has to wait, the rest is divided into parts of some pages each, which are listed at the same
/// time, the first parts first. Each part ends where the next one begins, so a key is returned once, also if objects come and go meanwhile.
/// </summary>
/// <param name="bucket">The name of the bucket, for messages.</param>
/// <param name="prefix">The prefix of all keys.</param>
/// <param name="pace">How many requests there are at a time.</param>
/// <param name="list">Requests one page.</param>
internal sealed class ConcurrentListing(
    string bucket, string prefix, ListingPace pace, Func<ListingQuery, CancellationToken, Task<ListingPage>> list)
{
    /// <summary>The limit of requests at a time: 16.</summary>
    public const int MaxRequests = 16;

    /// <summary>The memory for pages that wait for the caller: 4 MiB.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    private const double PagesOfPart = 8;
    private const double PagesOfLastParts = 3; // when there are no parts left for free requests
    private const int PagesAlone = 2;
    private const int PagesOfRequest = 8;
    private const int UsualPageBytes = PageBuffers.Size;

    private readonly Lock _lock = new();
    private readonly List<ListingSegment> _segments = [new(null, null)];
    private readonly ListingSplits _splits = new(prefix);
    private TaskCompletionSource _changed = NewSignal();
    private CancellationToken _stop;
    private StartAfter _startAfter = pace.IsConcurrent ? StartAfter.Untested : StartAfter.Unused;
    private int _requests;
    private int _pages;
    private int _pagesAtGrowth;
    private long _bytes;
    private int _maxPageBytes = UsualPageBytes;

    private enum StartAfter
    {
        Untested,
        Works,
        Unused,
    }

    /// <summary>Returns the pages. To be called once.</summary>
    public async IAsyncEnumerable<ListedPage> PagesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _stop = stop.Token;
        try
        {
            while (true)
            {
                var (page, isMore, changed) = Take();
                if (page is not null)
                    yield return page;
                else if (isMore)
                    await changed.WaitAsync(cancellationToken);
                else
                    break;
            }
        }
        finally
        {
            await stop.CancelAsync();
            while (IsRequesting(out var changed))
                await changed;
        }
    }

    // Returns the next page; or none, and a task that ends when something has arrived.
    private (ListedPage? Page, bool IsMore, Task Changed) Take()
    {
        lock (_lock)
        {
            for (; _segments.Count > 0; _segments.RemoveAt(0))
            {
                if (_segments[0].Pages.TryDequeue(out var page))
                {
                    _bytes -= page.Packed.Bytes;
                    _splits.ForgetBefore(page.Packed.Last);
                    StartAll();
                    return (page, true, Task.CompletedTask);
                }
                if (_segments[0].Failure is { } failure)
                    ExceptionDispatchInfo.Throw(failure);
                if (_segments[0].IsDone)
                    continue;
                if (_pages > _pagesAtGrowth)
                {
                    _pagesAtGrowth = _pages;
                    pace.Grow();
                }
                StartAll();
                return (null, true, _changed.Task);
            }
            return (null, false, Task.CompletedTask);
        }
    }

    private bool IsRequesting(out Task changed)
    {
        lock (_lock)
        {
            changed = _changed.Task;
            return _requests > 0;
        }
    }

    // A short listing costs one request for each page, and others cost little more, because there are fewer requests at a time than pages so far.
    private void StartAll()
    {
        while (!_stop.IsCancellationRequested && _requests < Math.Min(pace.Limit, Math.Max(1, _pages - PagesAlone)))
        {
            if (!TryStart(PagesOfPart) && !TryStart(PagesOfLastParts))
                return;
        }
    }

    // Fewer pages wait if there are fewer requests, because then the caller is slower than the network.
    private bool IsFull => _bytes + ((long)_requests * _maxPageBytes) >= Math.Min(MaxBytes, (long)pace.Limit * PagesOfRequest * _maxPageBytes);

    private bool TryStart(double pagesOfPart)
    {
        for (var i = 0; i < _segments.Count; i++)
        {
            var segment = _segments[i];
            if (segment.Failure is not null || (i > 0 && IsFull))
                return false;
            if (segment.IsDone)
                continue;
            if (!segment.IsListing)
            {
                if (segment.Pages.Count > 0 && IsFull)
                    return false;
                StartPage(segment);
                return true;
            }
            if (_startAfter == StartAfter.Works && _splits.Find(segment, pagesOfPart) is { } split)
            {
                Start(i, split);
                return true;
            }
        }
        return false;
    }

    private void Start(int index, ListingSplit split)
    {
        if (split.Folder is { } folder)
        {
            _splits.Folders.BeginSearch(folder);
            _ = RunAsync(() => SearchAsync(folder, split.After));
            return;
        }
        var rest = _segments[index].Divide(split.After);
        _segments.Insert(index + 1, rest);
        StartPage(rest);
    }

    // The second page of a listing begins after the last key of the first one, to find out whether the server supports that.
    private void StartPage(ListingSegment segment)
    {
        var byKey = segment.Token is null || _startAfter == StartAfter.Untested;
        var query = new ListingQuery(prefix, byKey ? null : segment.Token, byKey ? segment.Position : null);
        segment.IsListing = true;
        _ = RunAsync(() => ListAsync(segment, query));
    }

    private Task RunAsync(Func<Task> request)
    {
        _requests++;
        return Task.Run(request, CancellationToken.None);
    }

    private async Task ListAsync(ListingSegment segment, ListingQuery query)
    {
        ListingPage? page = null;
        Exception? failure = null;
        try
        {
            page = await list(query, _stop);
        }
        catch (Exception e)
        {
            failure = e;
        }
        End(() =>
        {
            segment.IsListing = false;
            segment.Failure = failure;
            if (page is not null)
                Add(segment, query, page);
        });
    }

    private void Add(ListingSegment segment, ListingQuery query, ListingPage page)
    {
        var objects = page.Packed;
        if (query.After is { } after && objects.Count > 0)
        {
            var isAfter = KeyOrder.Instance.Compare(objects.First, after) > 0;
            if (_startAfter == StartAfter.Untested)
                _startAfter = isAfter ? StartAfter.Works : StartAfter.Unused;
            if (!isAfter)
            {
                // The server ignores start-after, so the same page is requested by its token.
                segment.Failure = segment.Token is null ? SourceErrors.OutOfOrder(bucket, after, objects.First) : null;
                return;
            }
        }
        if (segment.Add(page, _splits.Folders.CountIn(objects.First, objects.Last)) is > 0 and var bytes)
        {
            _pages++;
            _bytes += bytes;
            _maxPageBytes = Math.Max(_maxPageBytes, bytes);
        }
        else if (segment.Arrived == 1)
        {
            _segments.Take(_segments.IndexOf(segment)).LastOrDefault(s => s.HasKeys)?.Missed();
        }
        // What is learnt says where to divide the rest, if there is any.
        if (pace.IsConcurrent && objects.Count > 0 && (page.Next is not null || _segments.Count > 1))
            _splits.Learn(objects);
    }

    // Folders are hints: if a search fails, the listing is divided elsewhere. A failure that concerns the listing also fails its pages.
    private async Task SearchAsync(string folder, string after)
    {
        ListingPage? page = null;
        try
        {
            page = await list(new(folder, After: after, ByFolder: true), _stop);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            page = null;
        }
        End(() =>
        {
            if (page is null)
                _splits.Folders.FailSearch(folder, after);
            else
                _splits.Folders.EndSearch(folder, page.Folders, page.Next is not null);
        });
    }

    private void End(Action record)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            _requests--;
            record();
            StartAll();
            changed = _changed;
            _changed = NewSignal();
        }
        changed.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>A request for one page of a listing.</summary>
/// <param name="Prefix">The prefix of the keys.</param>
/// <param name="Token">The token of the page, or null.</param>
/// <param name="After">The text after which the page begins, or null.</param>
/// <param name="ByFolder">Whether the page has the folders below the prefix instead of what is in them.</param>
internal readonly record struct ListingQuery(string Prefix, string? Token = null, string? After = null, bool ByFolder = false);
