namespace PeakS3Feed.Integration.Remedies;

/// <summary>Types every suggested command as it is printed, in bash.</summary>
public sealed class ShellRemedyTests
{
    public static TheoryData<string> Names => Scenarios.In(Language.Shell);

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public async Task In_a_shell_the_suggested_commands_do_what_they_promise(string scenario)
    {
        using var stage = new Stage(Language.Shell, ShellSession.TypeAsync);
        await Scenarios.PlayAsync(Scenarios.Named(scenario), stage);
    }
}
