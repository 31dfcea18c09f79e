using PeakS3Feed.Wording;

namespace PeakS3Feed.Tests.Wording;

public sealed class StatementTextTests
{
    [Fact]
    public void Long_statements_are_broken_at_spaces_outside_of_quotes()
    {
        var name = $"\"{string.Join(' ', Enumerable.Repeat("word", 20))}\"";
        var lines = StatementText.Lines($"INSERT INTO {name} ({string.Join(", ", Enumerable.Repeat("\"column\"", 20))})").ToList();
        Assert.Contains(lines, l => l.Contains(name, StringComparison.Ordinal));
        Assert.All(lines.Where(l => !l.Contains(name, StringComparison.Ordinal)), l => Assert.InRange(l.Length, 1, 76));
        Assert.EndsWith(");", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_statement_of_several_lines_keeps_them() => Assert.Equal(["CREATE TABLE t (", "    a TEXT", ");"], StatementText.Lines("CREATE TABLE t (\n    a TEXT\n)"));

    [Fact]
    public void A_comment_stays_a_comment_where_it_is_broken_and_gets_no_semicolon() => Assert.Equal(
        [
            "-- the ledger takes over 3 objects loaded by this feed, before it was reset,",
            "-- the last of them at 2026-11-29 11:29 UTC: they are not loaded again",
        ],
        StatementText.Lines(
            "-- the ledger takes over 3 objects loaded by this feed, before it was reset, the last of them at 2026-11-29 11:29 UTC: they are not loaded again"));
}
