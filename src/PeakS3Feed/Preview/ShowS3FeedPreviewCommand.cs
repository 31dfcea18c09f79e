using System.Management.Automation;
using PeakS3Feed.Cmdlets.Completion;
using PeakS3Feed.Cmdlets.Output;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Engine;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Sources;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Cmdlets.Preview;

/// <summary>Shows the first rows of one file, read with a feed's settings or with given ones. Rows that cannot be loaded are warnings.</summary>
[Cmdlet(VerbsCommon.Show, "S3FeedPreview", DefaultParameterSetName = FeedSet)]
[OutputType(typeof(S3FeedPreviewRow))]
public sealed class ShowS3FeedPreviewCommand : FileReadingCmdlet
{
    [Parameter(ParameterSetName = FilesSet, HelpMessage = "The type of the files; by default what the key's name says.")]
    public FileType? FileType { get; set; }

    [Parameter(HelpMessage = "How many rows to show.")]
    [ValidateRange(1, 10_000)]
    public int First { get; set; } = 10;

    [Parameter(HelpMessage = "The full key of the object to read, or its s3:// URI; by default the newest object.")]
    [ArgumentCompleter(typeof(KeyCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Key { get; set; }

    private protected override FileType TypeOfFiles() => FileType ?? FileTypeNames.Find(Key ?? "") ?? throw TypeMissing();

    private protected override async Task ReadAsync(FeedEngine engine, S3Feed feed, CancellationToken cancellationToken)
    {
        var preview = await engine.PreviewAsync(feed, First, Key, Credential.ToAccessKey(), cancellationToken);
        Post(() => WriteVerbose(Describe(preview)));
        string[] columns = [.. preview.Schema.Columns.Select(c => c.Name)];
        var layout = new RowLayout(preview.Source.Uri, columns, preview.Rows);
        foreach (var (index, row) in preview.Rows.Index())
            await EmitAsync(new S3FeedPreviewRow(layout, index + 1, row).WithColumns(columns));
        foreach (var reject in preview.Rejects)
            Warn($"{reject.Position}: {reject.Reason}");
        foreach (var warning in preview.Warnings)
            Warn(warning);
    }

    private static string Describe(FeedPreview preview)
        => $"{VisibleText.Escape(preview.Source.Uri)}, {Quantities.Size(preview.Source.Size)}, "
            + $"modified {Quantities.Moment(preview.Source.LastModified)} UTC"
            + (preview.Feed.FileType == Formats.FileType.Csv
                ? $", separator {CsvSeparator.Word(CsvSeparator.For(preview.Feed.Csv, preview.Source.Key))}"
                : "")
            + $", {Quantities.Count(preview.Schema.Columns.Count, "column")}";

    private FeedException TypeMissing() => new(
        "FileTypeMissing", FeedErrorCategory.InvalidArgument,
        Key is null ? "The command names neither a file type nor a key." : $"The name of {VisibleText.Escape(Key)} does not show the file type.")
    {
        Target = ConnectionName,
        Hint = "Add -FileType Csv, Json or Ndjson.",
    };
}
