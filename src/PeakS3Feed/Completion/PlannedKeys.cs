using System.Management.Automation;

namespace PeakS3Feed.Cmdlets.Completion;

/// <summary>
/// The first keys of the last plan of each feed in this session, so that keys complete without a network. A variable of the module keeps them: a plan
/// writes nothing.
/// </summary>
internal static class PlannedKeys
{
    /// <summary>How many keys of a plan are kept.</summary>
    public const int MaxKeys = 500;

    private const string Module = "PeakS3Feed";
    private const string Variable = "PlannedKeys";

    /// <summary>Keeps the keys of a plan. Only on the pipeline's thread.</summary>
    /// <param name="feedId">The feed.</param>
    /// <param name="keys">The keys, at most <see cref="MaxKeys"/>.</param>
    public static void Save(Guid feedId, IEnumerable<string> keys)
    {
        if (FindModule() is not { } module)
            return;
        var all = Read(module) ?? [];
        all[feedId] = [.. keys];
        module.SessionState.PSVariable.Set(Variable, all);
    }

    /// <summary>Returns the keys; none if there was no plan in this session. Only on the pipeline's thread.</summary>
    public static IReadOnlyList<string> Find(Guid feedId)
        => FindModule() is { } module && Read(module) is { } all && all.TryGetValue(feedId, out var keys) ? keys : [];

    private static Dictionary<Guid, string[]>? Read(PSModuleInfo module)
    {
        var value = module.SessionState.PSVariable.GetValue(Variable);
        return (value is PSObject wrapped ? wrapped.BaseObject : value) as Dictionary<Guid, string[]>;
    }

    private static PSModuleInfo? FindModule()
    {
        using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        return shell.AddCommand("Microsoft.PowerShell.Core\\Get-Module").AddParameter("Name", Module).Invoke<PSModuleInfo>()
            .FirstOrDefault(m => m.SessionState is not null);
    }
}
