using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.Remedies;

/// <summary>
/// Types every suggested command as it is printed, in bash. Each command is a process of its own, so the scenarios are shared out among
/// classes, which run side by side.
/// </summary>
public abstract class ShellRemedyTests
{
    private const int Shares = 3;

    /// <summary>The scenarios of one share; all shares together are all scenarios.</summary>
    protected static TheoryData<string> Share(int share) => [.. Scenarios.In(Language.Shell).Where((_, index) => index % Shares == share)];

    protected static async Task PlayAsync(string scenario)
    {
        using var stage = new Stage(Language.Shell, ShellSession.TypeAsync);
        await Scenarios.PlayAsync(Scenarios.Named(scenario), stage);
    }
}

[Trait(Category.Name, Category.Slow)]
public sealed class ShellRemedyFirstShareTests : ShellRemedyTests
{
    public static TheoryData<string> Names => Share(0);

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public Task In_a_shell_the_suggested_commands_do_what_they_promise(string scenario) => PlayAsync(scenario);
}

[Trait(Category.Name, Category.Slow)]
public sealed class ShellRemedySecondShareTests : ShellRemedyTests
{
    public static TheoryData<string> Names => Share(1);

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public Task In_a_shell_the_suggested_commands_do_what_they_promise(string scenario) => PlayAsync(scenario);
}

[Trait(Category.Name, Category.Slow)]
public sealed class ShellRemedyThirdShareTests : ShellRemedyTests
{
    public static TheoryData<string> Names => Share(2);

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public Task In_a_shell_the_suggested_commands_do_what_they_promise(string scenario) => PlayAsync(scenario);
}
