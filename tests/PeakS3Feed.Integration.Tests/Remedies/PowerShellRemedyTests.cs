using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.Remedies;

/// <summary>Types every suggested command as it is printed, in pwsh.</summary>
[Trait(Category.Name, Category.Slow)]
public sealed class PowerShellRemedyTests(PowerShellSession powerShell) : IClassFixture<PowerShellSession>
{
    public static TheoryData<string> Names => [.. Scenarios.In(Language.PowerShell)];

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public async Task In_PowerShell_the_suggested_commands_do_what_they_promise(string scenario)
    {
        using var stage = new Stage(Language.PowerShell, powerShell.TypeAsync);
        await Scenarios.PlayAsync(Scenarios.Named(scenario), stage);
    }
}
