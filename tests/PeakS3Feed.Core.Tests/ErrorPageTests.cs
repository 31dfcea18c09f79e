using System.Text.RegularExpressions;
using PeakS3Feed.Errors;
using PeakS3Feed.Runs;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests;

/// <summary>docs/errors.md against the ids in the source.</summary>
public sealed class ErrorPageTests
{
    // An id is a text directly before the category of the error; {kind} stands for the kind of a definition.
    private static readonly Regex Id = new(
        """"\$?"(?<id>(\{\w+\})?[A-Z]\w+)",\s*"""" + $@"(((Feed)?ErrorCategory\.)?({string.Join('|', Enum.GetNames<FeedErrorCategory>())})|category)\b");

    private static readonly Regex WarningId = new("""new FeedWarning\(\s*"(?<id>[A-Z]\w+)"\s*,""");

    private static readonly Regex Row = new(@"^\| `(?<id>\w+)` \|", RegexOptions.Multiline);

    [Fact]
    public void Every_error_of_the_source_is_on_the_page_and_no_other()
    {
        var ids = Directory.EnumerateFiles(Repository.PathOf("src"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(f => Id.Matches(File.ReadAllText(f)))
            .SelectMany(m => Expand(m.Groups["id"].Value))
            .Append(RunErrors.ProcessEnded)
            .ToHashSet(StringComparer.Ordinal);
        var rows = Rows(warnings: false);

        Assert.True(ids.Count > 80, $"only {ids.Count} ids were found in the source");
        Assert.Empty(ids.Except(rows, StringComparer.Ordinal).Order(StringComparer.Ordinal));
        Assert.Empty(rows.Except(ids, StringComparer.Ordinal));
        Assert.Equal(rows.Distinct(StringComparer.Ordinal), rows);
    }

    [Fact]
    public void Every_warning_of_the_source_is_on_the_page_and_no_other()
    {
        var ids = Directory.EnumerateFiles(Repository.PathOf("src"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(f => WarningId.Matches(File.ReadAllText(f))).Select(m => m.Groups["id"].Value).ToHashSet(StringComparer.Ordinal);
        var rows = Rows(warnings: true);

        Assert.Empty(ids.Except(rows, StringComparer.Ordinal).Order(StringComparer.Ordinal));
        Assert.Empty(rows.Except(ids, StringComparer.Ordinal));
        Assert.Equal(rows.Distinct(StringComparer.Ordinal), rows);
    }

    // The page's last part is about warnings.
    private static List<string> Rows(bool warnings)
    {
        var parts = File.ReadAllText(Repository.PathOf("docs/errors.md")).Split("\n## Warnings\n");
        Assert.Equal(2, parts.Length);
        return [.. Row.Matches(parts[warnings ? 1 : 0]).Select(m => m.Groups["id"].Value)];
    }

    private static string[] Expand(string id) => id.Split('}') switch
    {
        [_, "InUse"] => ["ConnectionInUse", "DestinationInUse"],
        [_, "IdInUse"] => ["FeedIdInUse", "TriggerIdInUse", "WatcherIdInUse"],
        [_, var rest] => ["Feed" + rest, "Connection" + rest, "Destination" + rest, "Trigger" + rest, "Watcher" + rest],
        _ => [id],
    };
}
