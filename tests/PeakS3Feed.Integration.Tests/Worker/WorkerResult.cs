namespace PeakS3Feed.Integration.Worker;

/// <summary>How the program ended.</summary>
internal sealed record WorkerResult(int ExitCode, string Output, string Error)
{
    /// <summary>The same, once it is what a test expects.</summary>
    public WorkerResult Exits(int code)
    {
        Assert.True(ExitCode == code, $"exit code {ExitCode}, not {code}\n--- output\n{Output}\n--- error\n{Error}");
        return this;
    }

    /// <summary>The words of the line that begins so, and of none else.</summary>
    public string[] Row(string beginning)
        => Assert.Single(Output.Split('\n'), l => l.Contains(beginning, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
