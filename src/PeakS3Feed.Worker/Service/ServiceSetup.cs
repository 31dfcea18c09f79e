namespace PeakS3Feed.Worker.Service;

/// <summary>What a service is made of.</summary>
/// <param name="Program">The program's file, an absolute path.</param>
/// <param name="ConfigDirectory">The folder of the definitions, an absolute path.</param>
/// <param name="StateDirectory">The folder of runs, locks and the local database, an absolute path.</param>
/// <param name="User">The user it runs as.</param>
/// <param name="Version">The program's version.</param>
internal sealed record ServiceSetup(string Program, string ConfigDirectory, string StateDirectory, string User, string Version)
{
    /// <summary>The folder that <c>--store</c> names, or null where the store is the user's own, in two folders.</summary>
    public string? Store => ConfigDirectory == StateDirectory ? ConfigDirectory : null;

    /// <summary>What the service writes into.</summary>
    public IEnumerable<string> Folders => Store is { } one ? [one] : [ConfigDirectory, StateDirectory];
}
