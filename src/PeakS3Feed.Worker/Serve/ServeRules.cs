using PeakS3Feed.Secrets;

namespace PeakS3Feed.Worker.Serve;

/// <summary>The rules for combinations of settings.</summary>
internal static class ServeRules
{
    /// <summary>The minimum length of a token. A shorter one could be guessed.</summary>
    public const int MinTokenLength = 20;

    /// <exception cref="Errors.FeedException"><c>ServeInvalid</c>, <c>SecretReferenceInvalid</c>.</exception>
    public static void ThrowIfInvalid(ServeSettings settings)
    {
        foreach (var reference in new[] { settings.Token, settings.CertificatePassword }.OfType<string>())
            SecretReference.Parse(reference);
        if (settings.Addresses.Any(a => a.Tls) && settings.Certificate is null)
            throw WorkerErrors.ServeInvalid("https needs a certificate.", "Name it with --certificate, and a PEM's key with --certificate-key.");
        if (settings.Certificate is not null && !settings.Addresses.Any(a => a.Tls))
            throw WorkerErrors.ServeInvalid("A certificate is for https, and no address has it.", "Write --urls https://ADDRESS:PORT.");
        if (settings.StopLimit < TimeSpan.Zero || settings.StopLimit > TimeSpan.FromDays(1))
            throw WorkerErrors.ServeInvalid("--stop-limit must be from 0s to 1d.", hint: null);
        if (settings.IsLoopback)
            return;
        var missing = new List<string>();
        if (settings.Addresses.Any(a => !a.Tls))
            missing.Add("TLS (https:// and --certificate)");
        if (settings.Token is null)
            missing.Add("a token (--token)");
        if (missing.Count > 0)
            throw WorkerErrors.ServeInvalid(
                $"To serve other machines, the worker needs {string.Join(" and ", missing)}: its pages show rejected rows.",
                "Without --urls it listens on this machine only; a proxy beside it can provide TLS and sign-in.");
    }
}
