namespace PeakS3Feed.Integration.Remedies;

/// <summary>That no suggestion goes untested.</summary>
public sealed class RemedyCoverageTests
{
    [Fact]
    public void Every_place_that_suggests_a_command_has_a_scenario_that_types_it()
    {
        var sites = RemedyCatalogue.All.Select(s => s.Key).ToHashSet(StringComparer.Ordinal);
        var typed = Scenarios.All.SelectMany(s => s.Sites).ToHashSet(StringComparer.Ordinal);

        Assert.True(sites.Count > 80, $"only {sites.Count} sites were found");
        AssertNone("have no scenario", sites.Except(typed, StringComparer.Ordinal).Except(RemedyCatalogue.Untyped.Keys, StringComparer.Ordinal));
        AssertNone("are not in the source", typed.Concat(RemedyCatalogue.Untyped.Keys).Except(sites, StringComparer.Ordinal));
        AssertNone("have a scenario, and are said to have none", typed.Intersect(RemedyCatalogue.Untyped.Keys, StringComparer.Ordinal));
    }

    private static void AssertNone(string what, IEnumerable<string> sites)
    {
        var all = sites.Order(StringComparer.Ordinal).ToList();
        Assert.True(all.Count == 0, $"{all.Count} sites {what}:\n{string.Join('\n', all)}");
    }
}
