using PeakS3Feed.Errors;

namespace PeakS3Feed.Formats.Csv;

/// <summary>Produces the warnings about a file's line ends, each of them once.</summary>
internal sealed class CsvLineEndWatch(CsvDialect dialect, CsvLineEndRule rule)
{
    private bool _sawLineEnd;
    private bool _reportedLoose;
    private bool _reportedLineFeed;
    private bool _reportedBareLf;

    /// <summary>Whether a row that ends in LF alone still needs its warning.</summary>
    public bool ReportsBareLf => dialect.BeganWithCrLf && !_reportedBareLf;

    /// <summary>Whether a CR that is data still needs its warning.</summary>
    public bool ReportsLooseCr => !_reportedLoose && !dialect.IsLineEndGiven;

    /// <summary>The line of the first CR or LF that is data, or 0.</summary>
    public long LooseLine { get; private set; }

    /// <summary>Whether a row's line end (zero, one or two bytes) needs the warning <see cref="CsvWarnings.MixedLineEnds"/>.</summary>
    public bool IsBareLf(ReadOnlySpan<byte> lineEnd)
    {
        _sawLineEnd |= lineEnd.Length > 0;
        if (!ReportsBareLf || lineEnd is not [(byte)'\n'])
            return false;
        return _reportedBareLf = true;
    }

    /// <summary>Inspects a CR or LF that is data outside quotes; returns a warning or null.</summary>
    public FeedWarning? Inspect(byte loose, SourcePosition position)
    {
        if (LooseLine == 0)
            LooseLine = position.Line;
        if (dialect.IsLineEndGiven)
            return null;
        var isLineFeed = rule == CsvLineEndRule.First && dialect.LineEnd == CsvLineEnd.CrLf && loose == '\n';
        ref var reported = ref isLineFeed ? ref _reportedLineFeed : ref _reportedLoose;
        if (reported)
            return null;
        reported = true;
        return isLineFeed
            ? CsvWarnings.LineFeedInValue(position)
            : CsvWarnings.LineBreakInValue(position, dialect.BeganWithCrLf ? CsvLineEnd.CrLf : dialect.LineEnd, dialect.LineEnd);
    }

    /// <summary>Inspects the result at the end of the file; returns a warning or null.</summary>
    public FeedWarning? InspectEnd(string objectUri)
        => dialect.IsLineEndGiven && !_sawLineEnd && LooseLine > 0
            ? CsvWarnings.LineEndNotFound(new SourcePosition(objectUri, LooseLine), dialect.LineEnd)
            : null;
}
