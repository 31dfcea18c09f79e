using PeakS3Feed.Errors;
using PeakS3Feed.Formats;
using PeakS3Feed.Rows;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Feeds.Sampling;

/// <summary>What the files of a sample are like, to tell files that are read the wrong way, or do not belong together.</summary>
internal sealed class SampledFiles
{
    private readonly List<(SourceObject Source, IReadOnlyList<string> Fields)> _files = [];
    private readonly List<(SourceObject Source, string Separator, string Better)> _misread = [];
    private bool _isCsv;

    /// <summary>The first row that could not be read.</summary>
    public (SourcePosition Position, string Reason)? FirstReject { get; private set; }

    /// <summary>Takes a file that was read.</summary>
    public void Add(SourceObject source, RecordReader reader)
    {
        _isCsv = !reader.FieldsGrow;
        if (reader.Fields.Count > 0)
            _files.Add((source, [.. reader.Fields]));
    }

    /// <summary>Takes a file that one separator makes one column of, and another one several.</summary>
    public void AddMisread(SourceObject source, string separator, string better) => _misread.Add((source, separator, better));

    /// <summary>Takes a row that could not be read.</summary>
    public void AddReject(SourceObject source, RecordReader reader)
        => FirstReject ??= (new SourcePosition(source.Uri, reader.Current.Line, reader.Current.ByteOffset), reader.MalformedReason);

    /// <summary>Throws <c>SeparatorDoesNotFit</c> or <c>NoKnownField</c>: loading such files would lose what is in them.</summary>
    public void ThrowIfMisread(S3Feed feed)
    {
        if (_misread is [var misread, ..])
        {
            if (_misread.Find(m => m.Better != misread.Better) is { Source: { } unlike })
                throw RowErrors.SeparatorsDiffer(misread.Source.Uri, misread.Better, unlike.Uri);
            throw _files.Count > 0
                ? RowErrors.SeparatorsDiffer(misread.Source.Uri, misread.Better, _files[0].Source.Uri)
                : SamplingErrors.SeparatorDoesNotFit(misread.Source, misread.Separator, misread.Better);
        }

        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (source, fields) in _files)
        {
            if (known.Count > 0 && !fields.Any(f => known.Contains(Folded(f))))
                throw RowErrors.UnlikeFiles(new SourcePosition(source.Uri), fields, _files[0].Source.Uri, _files[0].Fields, _isCsv && feed.Csv.HasHeader);
            known.UnionWith(fields.Select(Folded));
        }
    }

    /// <summary>What is to be told of the files although they can be loaded.</summary>
    public IReadOnlyList<FeedWarning> Warnings(S3Feed feed)
        => _isCsv && feed.Csv is { HasHeader: true, ColumnNames: null } && _files.Find(f => HeaderClues.IsData(f.Fields)) is { Source: { } source } file
            ? [HeaderWarnings.LooksLikeData(source.Uri, file.Fields)]
            : [];

    // Headers of CSV may differ in case, blanks and Unicode form and name the same field all the same.
    private string Folded(string field) => _isCsv ? FieldNames.Fold(field) : field;
}
