using System.Text.RegularExpressions;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Architecture;

/// <summary>The table of rooms in docs/architecture.md: each room in its order, with the rooms that it may use.</summary>
internal sealed class RoomTable
{
    private static readonly Regex Row = new(@"^\| `(?<room>\w+)` \|.*\| (?<uses>[^|]+) \|$", RegexOptions.Multiline);
    private static readonly Regex Uses = new(@"^(nothing|`\w+`(, `\w+`)*)$");
    private static readonly Regex Name = new(@"`(\w+)`");

    private RoomTable(IReadOnlyList<(string Room, IReadOnlySet<string> MayUse)> rows) => Rows = rows;

    /// <summary>The rows from top to bottom.</summary>
    public IReadOnlyList<(string Room, IReadOnlySet<string> MayUse)> Rows { get; }

    public static RoomTable Read()
    {
        var page = File.ReadAllText(Repository.PathOf("docs/architecture.md"));
        var section = page.Split("\n## ").Single(s => s.StartsWith("Rooms\n", StringComparison.Ordinal));
        var rows = Row.Matches(section).Select(r => (r.Groups["room"].Value, Names(r.Groups["room"].Value, r.Groups["uses"].Value))).ToList();
        Assert.Equal(section.Split('\n').Count(l => l.StartsWith("| `", StringComparison.Ordinal)), rows.Count);
        return new(rows);
    }

    private static IReadOnlySet<string> Names(string room, string uses)
    {
        Assert.True(Uses.IsMatch(uses), $"The row of {room} must name rooms only, or say nothing: {uses}");
        return Name.Matches(uses).Select(m => m.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
    }
}
