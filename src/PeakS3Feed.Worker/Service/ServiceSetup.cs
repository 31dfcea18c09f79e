namespace PeakS3Feed.Worker.Service;

/// <summary>What a service is made of.</summary>
/// <param name="Command">The program's file, an absolute path, and what comes before its arguments.</param>
/// <param name="Store">The store, a folder with an absolute path.</param>
/// <param name="Databases">Folders elsewhere in which SQLite destinations are.</param>
/// <param name="User">The user it runs as.</param>
/// <param name="Version">The program's version.</param>
internal sealed record ServiceSetup(IReadOnlyList<string> Command, string Store, IReadOnlyList<string> Databases, string User, string Version)
{
    /// <summary>What the service writes into.</summary>
    public IEnumerable<string> Folders => [Store, .. Databases];
}
