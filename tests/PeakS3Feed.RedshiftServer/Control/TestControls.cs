using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using PeakS3Feed.RedshiftServer.DataApi;
using PeakS3Feed.TestServers.Redshift;

namespace PeakS3Feed.RedshiftServer.Control;

/// <summary>What happens to a statement that a rule matches.</summary>
public enum ControlAction
{
    /// <summary>It waits, before PostgreSQL gets it, until the rule is released or the client cancels it.</summary>
    Stall,

    /// <summary>The connection ends before PostgreSQL gets it.</summary>
    DropBefore,

    /// <summary>PostgreSQL runs it, and then the connection ends without an answer.</summary>
    DropAfter,

    /// <summary>It fails with the rule's error.</summary>
    Fail,
}

/// <summary>A rule for statements.</summary>
/// <param name="Name">The name by which it is released or removed.</param>
/// <param name="Match">
/// A regular expression that the statement's text matches, ignoring case; for a table of one test, its name. Calls of the Data API have the text
/// <c>RedshiftData.ExecuteStatement</c> and so on.
/// </param>
/// <param name="Action">What happens.</param>
/// <param name="Skip">How many matching statements pass first.</param>
/// <param name="Times">How many matching statements it applies to; then it is gone.</param>
/// <param name="State">The SQLSTATE of the error.</param>
/// <param name="Message">The message of the error.</param>
public sealed record ControlRule(
    string Name, string Match, ControlAction Action, int Skip = 0, int Times = 1,
    string State = "XX000", string Message = "A test asked for this error");

/// <summary>The statements that a server has seen, and the rules of tests for those to come.</summary>
public sealed class TestControls
{
    private const int KeptStatements = 10_000;

    private sealed class Active(ControlRule rule)
    {
        public ControlRule Rule { get; } = rule;

        public int Seen { get; set; }

        public TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Released { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private readonly ConcurrentDictionary<string, Active> _rules = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _statements = new();

    /// <summary>The last 10,000 statements in the order of their execution, as their clients sent them; refused ones, too.</summary>
    public IReadOnlyList<string> Statements => [.. _statements];

    /// <summary>Adds a rule, or replaces the one of its name.</summary>
    public void Add(ControlRule rule) => _rules[rule.Name] = new Active(rule);

    /// <summary>Lets go what a rule stalls, and removes the rule.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Release(string name)
    {
        if (!_rules.TryRemove(name, out var active))
            return false;
        active.Released.TrySetResult();
        return true;
    }

    /// <summary>Waits until a statement reaches a rule.</summary>
    public Task ReachedAsync(string name, CancellationToken ct)
        => _rules.TryGetValue(name, out var active)
            ? active.Reached.Task.WaitAsync(ct)
            : throw new ArgumentException($"There is no rule {name}.", nameof(name));

    internal void Note(string sql)
    {
        _statements.Enqueue(sql);
        while (_statements.Count > KeptStatements)
            _statements.TryDequeue(out _);
    }

    /// <summary>Before PostgreSQL gets a statement: stalls it, ends the connection or throws an error. Returns what to do with its answer.</summary>
    internal async Task<ControlRule?> BeforeAsync(string sql, CancellationToken ct)
    {
        Note(sql);
        return await ApplyAsync(sql, r => RefusalException.FromRedshift(r.State, r.Message), ct);
    }

    /// <summary>Before a call of the Data API. A rule matches the operation's name; the state of its error is the error's type.</summary>
    internal Task<ControlRule?> BeforeCallAsync(string operation, CancellationToken ct)
        => ApplyAsync("RedshiftData." + operation, r => DataApiException.Custom(r.State, r.Message), ct);

    private async Task<ControlRule?> ApplyAsync(string text, Func<ControlRule, Exception> error, CancellationToken ct)
    {
        if (Find(text) is not { } active)
            return null;
        active.Reached.TrySetResult();
        switch (active.Rule.Action)
        {
            case ControlAction.Stall: await active.Released.Task.WaitAsync(ct); return null;
            case ControlAction.DropBefore: throw new DroppedException();
            case ControlAction.Fail: throw error(active.Rule);
            default: return active.Rule;
        }
    }

    private Active? Find(string sql)
    {
        foreach (var active in _rules.Values)
        {
            if (!Regex.IsMatch(sql, active.Rule.Match, RegexOptions.IgnoreCase | RegexOptions.Singleline, TimeSpan.FromSeconds(1)))
                continue;
            lock (active)
            {
                active.Seen++;
                var number = active.Seen - active.Rule.Skip;
                if (number >= 1 && number <= active.Rule.Times)
                    return active;
            }
        }
        return null;
    }
}
