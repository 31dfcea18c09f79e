using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace PeakS3Feed.TestServers.Control;

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

    /// <summary>Notes a statement.</summary>
    public void Note(string sql)
    {
        _statements.Enqueue(sql);
        while (_statements.Count > KeptStatements)
            _statements.TryDequeue(out _);
    }

    /// <summary>Applies the rule that a text matches, if there is one: waits, or throws an error or <see cref="DroppedException"/>.</summary>
    /// <param name="text">A statement, or the name of a call.</param>
    /// <param name="error">Makes the error of a rule.</param>
    /// <param name="ct">Ends the waiting.</param>
    /// <param name="applies">Which rules apply; null for all.</param>
    /// <returns>What to throw after the work; null for nothing.</returns>
    public async Task<Exception?> ApplyAsync(
        string text, Func<ControlRule, Exception> error, CancellationToken ct, Func<ControlRule, bool>? applies = null)
    {
        if (Find(text, applies) is not { } active)
            return null;
        active.Reached.TrySetResult();
        switch (active.Rule.Action)
        {
            case ControlAction.Stall: await active.Released.Task.WaitAsync(ct); return null;
            case ControlAction.DropBefore: throw new DroppedException();
            case ControlAction.Fail: throw error(active.Rule);
            case ControlAction.FailAfter: return error(active.Rule);
            default: return new DroppedException();
        }
    }

    private Active? Find(string sql, Func<ControlRule, bool>? applies)
    {
        foreach (var active in _rules.Values)
        {
            if (applies?.Invoke(active.Rule) is false)
                continue;
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
