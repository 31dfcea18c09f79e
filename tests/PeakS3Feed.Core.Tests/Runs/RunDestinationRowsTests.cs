using PeakS3Feed.Runs;

namespace PeakS3Feed.Tests.Runs;

public sealed class RunDestinationRowsTests
{
    private static readonly RunDestination Full = new()
    {
        Name = "wäre\"house", Status = RunStatus.SucceededWithRejects, ObjectsPlanned = long.MaxValue, ObjectsLoaded = 2, RowsLoaded = 3, RowsRejected = 4,
        Commits = int.MaxValue, LoadPath = "Staged, because\nof this", ErrorId = "TableChanged", Error = "The table \u0001 changed.",
    };

    [Fact]
    public void Every_property_is_kept()
    {
        foreach (var property in typeof(RunDestination).GetProperties())
            Assert.NotEqual(property.PropertyType.IsValueType ? Activator.CreateInstance(property.PropertyType) : null, property.GetValue(Full));
        var bare = new RunDestination { Name = "b", Status = RunStatus.Running };
        Assert.Equal([Full, bare], RunDestinationRows.Read(RunDestinationRows.Write([Full, bare])!));
        Assert.Null(RunDestinationRows.Write([]));
    }

    [Fact]
    public void A_row_of_an_earlier_version_may_have_fewer_or_other_members()
        => Assert.Equal(
            [new RunDestination { Name = "b", Status = RunStatus.Failed, Commits = 1 }],
            RunDestinationRows.Read("""[{"Name":"b","Status":"Failed","Commits":1,"Error":null,"Unknown":{}}]"""));
}
