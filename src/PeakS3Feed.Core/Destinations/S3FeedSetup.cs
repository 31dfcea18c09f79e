using System.Globalization;
using System.Text;
using PeakS3Feed.Remedies;

namespace PeakS3Feed.Destinations;

/// <summary>What must be created outside of this program before a destination can load, step by step. Immutable. Contains no secret.</summary>
public sealed class S3FeedSetup
{
    internal S3FeedSetup(string destination, IEnumerable<S3FeedSetupStep> steps)
    {
        DestinationName = destination;
        Steps = [.. steps.Select((s, i) => s with { DestinationName = destination, Number = i + 1 })];
    }

    /// <summary>The destination.</summary>
    public string DestinationName { get; }

    /// <summary>The steps, in the order in which they must be done.</summary>
    public IReadOnlyList<S3FeedSetupStep> Steps { get; }

    /// <summary>
    /// Returns all steps as one text, without a line end after it. A worksheet of the database can run it as a whole: what runs elsewhere is in
    /// comments.
    /// </summary>
    /// <param name="form">The form.</param>
    /// <param name="command">Returns the text of a command of this program, for the host that shows it.</param>
    public string Render(SetupForm form, Func<Remedy, string> command)
    {
        ArgumentNullException.ThrowIfNull(command);
        if (form != SetupForm.Sql) throw new ArgumentOutOfRangeException(nameof(form));
        return string.Join("\n\n", Steps.Select(s => Render(s, command)));
    }

    private static string Render(S3FeedSetupStep step, Func<Remedy, string> command)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"-- {step.Number}. {step.Title} ({Name(step.RunsIn)})");
        if (step.Replace is { } replace)
            text.Append('\n').Append(Comment(replace));
        foreach (var line in Lines(step.Text))
            text.Append('\n').Append(step.RunsIn == SetupPlace.Database ? line : Comment(line));
        if (step.PasteBack is { } pasteBack)
            text.Append('\n').Append(Comment(pasteBack));
        foreach (var remedy in step.Remedies)
            text.Append('\n').Append(Comment("  " + command(remedy)));
        return text.ToString();
    }

    private static string[] Lines(string? text) => text?.Split('\n') ?? [];

    // A value of a definition must not end the comment.
    private static string Comment(string line) => "-- " + line.ReplaceLineEndings(" ");

    private static string Name(SetupPlace place) => place switch
    {
        SetupPlace.PeakS3Feed => "in PeakS3Feed",
        SetupPlace.AwsCli => "in a shell, with the AWS CLI",
        SetupPlace.Shell => "in a shell",
        _ => "here",
    };
}

/// <summary>One step of a set-up.</summary>
/// <param name="Title">What it does, as an imperative.</param>
/// <param name="RunsIn">Where it runs.</param>
/// <param name="Text">The text to run there, with line feeds; null if commands of this program are all that is to run.</param>
/// <param name="PasteBack">What the step shows that a later step needs, as sentences; or null.</param>
public sealed record S3FeedSetupStep(string Title, SetupPlace RunsIn, string? Text, string? PasteBack = null)
{
    /// <summary>The destination.</summary>
    public string DestinationName { get; internal init; } = "";

    /// <summary>The number of the step, from 1.</summary>
    public int Number { get; internal init; }

    /// <summary>What to replace in the text before it runs, as a sentence; or null.</summary>
    public string? Replace { get; init; }

    /// <summary>The commands of this program that belong to the step: they are the step itself, or take what is to be pasted back.</summary>
    public IReadOnlyList<Remedy> Remedies { get; init; } = [];

    /// <summary>The title.</summary>
    public override string ToString() => Title;
}

/// <summary>Where a step of a set-up runs.</summary>
public enum SetupPlace
{
    /// <summary>In this program: PowerShell with the module, or a shell with <c>peaks3feed</c>.</summary>
    PeakS3Feed,

    /// <summary>In a shell with the AWS CLI, signed in to the account of the bucket.</summary>
    AwsCli,

    /// <summary>In a shell on the machine that runs feeds.</summary>
    Shell,

    /// <summary>In the database itself, for example in a worksheet of Snowflake.</summary>
    Database,
}

/// <summary>The forms of a set-up as one text.</summary>
public enum SetupForm
{
    /// <summary>SQL for the database. Steps that run elsewhere are comments.</summary>
    Sql,
}
