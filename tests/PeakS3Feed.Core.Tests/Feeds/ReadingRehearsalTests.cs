using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Formats;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Tests.Feeds;

public sealed class ReadingRehearsalTests
{
    [Theory]
    [InlineData(FileType.Csv)]
    [InlineData(FileType.Json)]
    [InlineData(FileType.Ndjson)]
    public async Task All_types_are_read_once_and_without_a_reject(FileType type)
    {
        var columns = Enum.GetValues<ColumnType>().SelectMany(t => new[] { new FeedColumn($"{t} 1", "x", t, 1), new FeedColumn($"{t} 2", "y", t) });
        var batch = await ReadingRehearsal.ReadAsync(type, new FeedSchema(columns));
        Assert.Equal(ReadingRehearsal.RowCount, batch.Rows.Count);
        Assert.Empty(batch.Rejects);
        Assert.Equal(Enum.GetValues<ColumnType>(), batch.Rows.Schema.Columns.Select(c => c.Type));
    }
}
