using PeakS3Feed.Errors;

namespace PeakS3Feed.Formats.Csv;

/// <summary>Finds what is to be said about a file's line ends; each of it once.</summary>
internal sealed class CsvLineEndWatch(CsvDialect dialect, CsvLineEndRule rule)
{
    private bool _sawLineEnd;
    private bool _toldLoose;
    private bool _toldLineFeed;
    private bool _toldBareLf;

    /// <summary>Whether a row that ends in LF alone is still to be told.</summary>
    public bool WantsBareLf => dialect.BeganWithCrLf && !_toldBareLf;

    /// <summary>Whether a CR that is data is still to be told.</summary>
    public bool WantsLooseCr => !_toldLoose && !dialect.IsLineEndGiven;

    /// <summary>The line of the first CR or LF that is data, or 0.</summary>
    public long LooseLine { get; private set; }

    /// <summary>Whether the line end of a row, none, one or two bytes, is to be told: <see cref="CsvWarnings.MixedLineEnds"/>.</summary>
    public bool IsBareLf(ReadOnlySpan<byte> lineEnd)
    {
        _sawLineEnd |= lineEnd.Length > 0;
        if (!WantsBareLf || lineEnd is not [(byte)'\n'])
            return false;
        return _toldBareLf = true;
    }

    /// <summary>Looks at a CR or LF that is data outside quotes.</summary>
    public FeedWarning? LookAt(byte loose, SourcePosition position)
    {
        if (LooseLine == 0)
            LooseLine = position.Line;
        if (dialect.IsLineEndGiven)
            return null;
        var isLineFeed = rule == CsvLineEndRule.First && dialect.LineEnd == CsvLineEnd.CrLf && loose == '\n';
        ref var told = ref isLineFeed ? ref _toldLineFeed : ref _toldLoose;
        if (told)
            return null;
        told = true;
        return isLineFeed
            ? CsvWarnings.LineFeedInValue(position)
            : CsvWarnings.LineBreakInValue(position, dialect.BeganWithCrLf ? CsvLineEnd.CrLf : dialect.LineEnd, dialect.LineEnd);
    }

    /// <summary>Looks back at the end of the file.</summary>
    public FeedWarning? LookBack(string objectUri)
        => dialect.IsLineEndGiven && !_sawLineEnd && LooseLine > 0
            ? CsvWarnings.LineEndNotFound(new SourcePosition(objectUri, LooseLine), dialect.LineEnd)
            : null;
}
