using PeakS3Feed.Errors;
using PeakS3Feed.Formats;
using PeakS3Feed.Rows;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Feeds.Sampling;

/// <summary>Collects the fields of the sampled files, to detect files that are read the wrong way or do not belong together.</summary>
internal sealed class SampledFiles
{
    private readonly List<(SourceObject Source, IReadOnlyList<string> Fields)> _files = [];
    private readonly List<(SourceObject Source, string Separator, string Better)> _misread = [];
    private bool _isCsv;

    /// <summary>The first row that could not be read.</summary>
    public (SourcePosition Position, string Reason)? FirstReject { get; private set; }

    /// <summary>Adds a file that was read.</summary>
    public void Add(SourceObject source, RecordReader reader)
    {
        _isCsv = !reader.FieldsGrow;
        if (reader.Fields.Count > 0)
            _files.Add((source, [.. reader.Fields]));
    }

    /// <summary>Adds a file that has one column with one separator, and several with another.</summary>
    public void AddMisread(SourceObject source, string separator, string better) => _misread.Add((source, separator, better));

    /// <summary>Adds a row that could not be read.</summary>
    public void AddReject(SourceObject source, RecordReader reader)
        => FirstReject ??= (new SourcePosition(source.Uri, reader.Current.Line, reader.Current.ByteOffset), reader.MalformedReason);

    /// <summary>Throws <c>SeparatorDoesNotFit</c> or <c>NoKnownField</c>: loading such files would lose data.</summary>
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
                throw RowErrors.UnlikeFiles(
                    new SourcePosition(source.Uri), fields, _files[0].Source.Uri, _files[0].Fields, _isCsv && feed.Csv.HasHeader);
            known.UnionWith(fields.Select(Folded));
        }
    }

    /// <summary>Returns the warnings of files that can be loaded.</summary>
    public IReadOnlyList<FeedWarning> Warnings(S3Feed feed)
        => _isCsv && feed.Csv is { HasHeader: true, ColumnNames: null }
            && _files.Find(f => HeaderClues.IsData(f.Fields)) is { Source: { } source } file
            ? [HeaderWarnings.LooksLikeData(source.Uri, file.Fields)]
            : [];

    // CSV headers that differ in case, white space or Unicode form name the same field.
    private string Folded(string field) => _isCsv ? FieldNames.Fold(field) : field;
}
