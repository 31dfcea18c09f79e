using PeakS3Feed.Errors;
using PeakS3Feed.Formats;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Tests.Sources;

public class ObjectMatcherTests
{
    [Theory]
    [InlineData(FileType.Csv, "in/a.csv", true)]
    [InlineData(FileType.Csv, "in/a.TSV", true)]
    [InlineData(FileType.Csv, "in/deep/er/a.psv.GZ", true)]
    [InlineData(FileType.Csv, "in/a.csv.gzip", true)]
    [InlineData(FileType.Csv, "in/a.csv.gz.gz", false)]
    [InlineData(FileType.Csv, "in/a.gz", false)]
    [InlineData(FileType.Csv, "in/csv", false)]
    [InlineData(FileType.Csv, "in/a.json", false)]
    [InlineData(FileType.Csv, "other/a.csv", false)]
    [InlineData(FileType.Json, "in/a.Json", true)]
    [InlineData(FileType.Json, "in/a.ndjson", false)]
    [InlineData(FileType.Ndjson, "in/a.json.gz", true)]
    [InlineData(FileType.Ndjson, "in/a.ndjson", true)]
    [InlineData(FileType.Ndjson, "in/a.jsonl", true)]
    public void The_file_type_decides_by_the_name(FileType type, string key, bool fits)
        => Assert.Equal(fits ? null : SkipReason.NotThisFileType, new ObjectMatcher("in/", type).GetSkipReason(Object(key)));

    [Theory]
    [InlineData("*.csv", "a.csv", true)]
    [InlineData("*.csv", "x/a.csv", false)]
    [InlineData("*.csv", "a.CSV", false)]
    [InlineData("**.csv", "x/y/a.csv", true)]
    [InlineData("**/a.csv", "a.csv", true)]
    [InlineData("**/a.csv", "x/y/a.csv", true)]
    [InlineData("**/a.csv", "x/ya.csv", false)]
    [InlineData("x/**/a.csv", "x/a.csv", true)]
    [InlineData("x/**", "x/y/z", true)]
    [InlineData("x/**", "x", false)]
    [InlineData("?.csv", "a.csv", true)]
    [InlineData("?.csv", "😀.csv", true)]
    [InlineData("a?b", "a/b", false)]
    [InlineData("20[0-9][0-9].csv", "2026.csv", true)]
    [InlineData("20[!0-9].csv", "20a.csv", true)]
    [InlineData("20[!0-9].csv", "201.csv", false)]
    [InlineData("a[!x]b", "a/b", false)]
    [InlineData("a[--9]b", "a/b", false)]
    [InlineData("a[--9]b", "a.b", true)]
    [InlineData("[*].csv", "*.csv", true)]
    [InlineData("[*].csv", "a.csv", false)]
    [InlineData("[]].csv", "].csv", true)]
    [InlineData("a+(b).csv", "a+(b).csv", true)]
    [InlineData("a\\b.csv", "a\\b.csv", true)]
    [InlineData("a.csv", "a.csv\n", false)]
    [InlineData("*", "line\nfeed", true)]
    public void A_star_stops_at_a_slash_and_two_do_not(string glob, string relative, bool matches)
    {
        Assert.Equal(matches, new Glob(glob).IsMatch(relative));
        Assert.Equal(matches ? null : SkipReason.NotThisFileType, new ObjectMatcher("in/", FileType.Csv, [glob]).GetSkipReason(Object("in/" + relative)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a[b")]
    [InlineData("a[")]
    [InlineData("[]")]
    [InlineData("[z-a]")]
    public void A_glob_that_means_nothing_is_refused(string glob)
        => Assert.Equal("GlobInvalid", Assert.Throws<FeedException>(() => new Glob(glob)).Id);

    [Fact]
    public void Include_replaces_the_rule_of_names_and_exclude_narrows()
    {
        var matcher = new ObjectMatcher("", FileType.Csv, ["**.txt", "**.csv"], ["tmp/**"]);
        Assert.Null(matcher.GetSkipReason(Object("a.txt")));
        Assert.Equal(SkipReason.Excluded, matcher.GetSkipReason(Object("tmp/a.csv")));
        Assert.Equal(SkipReason.NotThisFileType, matcher.GetSkipReason(Object("a.tsv")));
    }

    [Fact]
    public void The_historical_date_is_a_midnight_in_utc()
    {
        var matcher = new ObjectMatcher("", FileType.Csv, historicalDate: new DateOnly(2026, 3, 1));
        Assert.Null(matcher.GetSkipReason(Object("a.csv") with { LastModified = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero) }));
        Assert.Equal(SkipReason.BeforeHistoricalDate, matcher.GetSkipReason(Object("a.csv") with { LastModified = new(2026, 2, 28, 23, 59, 59, TimeSpan.Zero) }));
    }

    [Fact]
    public void Markers_and_empty_and_archived_objects_are_told_apart()
    {
        var matcher = new ObjectMatcher("", FileType.Csv);
        Assert.Equal(SkipReason.FolderMarker, matcher.GetSkipReason(Object("x/") with { Size = 0 }));
        Assert.Equal(SkipReason.FolderMarker, matcher.GetSkipReason(Object("x_$folder$") with { Size = 0 }));
        Assert.Equal(SkipReason.NotThisFileType, matcher.GetSkipReason(Object("x/")));
        Assert.Equal(SkipReason.Empty, matcher.GetSkipReason(Object("a.csv") with { Size = 0 }));
        Assert.Equal(SkipReason.Archived, matcher.GetSkipReason(Object("a.csv") with { Archived = true }));
        Assert.Equal(SkipReason.NotThisFileType, matcher.GetSkipReason(Object("a.doc") with { Archived = true }));
        Assert.Equal(SkipReason.NotThisFileType, matcher.GetSkipReason(Object("a.doc") with { Size = 0 }));
    }

    private static SourceObject Object(string key) => new("acme", key, "etag", 10, new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero));
}
