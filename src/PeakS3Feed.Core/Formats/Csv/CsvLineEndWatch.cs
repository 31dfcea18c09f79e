using PeakS3Feed.Errors;

namespace PeakS3Feed.Formats.Csv;

/// <summary>Finds what is to be said about a file's line ends; each of it once.</summary>
internal sealed class CsvLineEndWatch(CsvDialect dialect, CsvLineEndRule rule)
{
    private bool _sawLineEnd;
    private bool _reportedLoose;
    private bool _reportedLineFeed;
    private bool _reportedBareLf;

    /// <summary>Whether a row that ends in LF alone is still to be reported.</summary>
    public bool ReportsBareLf => dialect.BeganWithCrLf && !_reportedBareLf;

    /// <summary>Whether a CR that is data is still to be reported.</summary>
    public bool ReportsLooseCr => !_reportedLoose && !dialect.IsLineEndGiven;

    /// <summary>The line of the first CR or LF that is data, or 0.</summary>
    public long LooseLine { get; private set; }

    /// <summary>Whether the line end of a row, none, one or two bytes, is to be reported: <see cref="CsvWarnings.MixedLineEnds"/>.</summary>
    public bool IsBareLf(ReadOnlySpan<byte> lineEnd)
    {
        _sawLineEnd |= lineEnd.Length > 0;
        if (!ReportsBareLf || lineEnd is not [(byte)'\n'])
            return false;
        return _reportedBareLf = true;
    }

    /// <summary>Looks at a CR or LF that is data outside quotes.</summary>
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

    /// <summary>Looks back at the end of the file.</summary>
    public FeedWarning? InspectEnd(string objectUri)
        => dialect.IsLineEndGiven && !_sawLineEnd && LooseLine > 0
            ? CsvWarnings.LineEndNotFound(new SourcePosition(objectUri, LooseLine), dialect.LineEnd)
            : null;
}
