namespace PeakS3Feed.Integration.Remedies;

/// <summary>All scenarios, and how one is played.</summary>
internal static class Scenarios
{
    public static IReadOnlyList<Scenario> All { get; } = [.. RunScenarios.All, .. FileScenarios.All, .. TableScenarios.All, .. TableOnS3Scenarios.All, .. ResetScenarios.All, .. MatchScenarios.All, .. S3Scenarios.All, .. QueueScenarios.All, .. StoreScenarios.All, .. OutcomeScenarios.All, .. ServerScenarios.All, .. HeaderScenarios.All, .. LineEndScenarios.All, .. EncodingScenarios.All, .. RowScenarios.All];

    /// <summary>The names of the scenarios that are played in a language.</summary>
    public static IReadOnlyList<string> In(Language language) => [.. All.Where(s => s.Only is null || s.Only == language).Select(s => s.Name)];

    public static Scenario Named(string name) => All.Single(s => s.Name == name);

    /// <summary>Plays a scenario. It must have typed a command of each site that it names.</summary>
    public static async Task PlayAsync(Scenario scenario, Stage stage)
    {
        await scenario.PlayAsync(stage);
        foreach (var site in scenario.Sites.Select(key => RemedyCatalogue.All.Single(s => s.Key == key)))
            Assert.True(stage.Typed.Any(site.Makes), $"{site.Key}: no command that was typed is of this site: {string.Join("; ", stage.Typed)}");
    }
}
