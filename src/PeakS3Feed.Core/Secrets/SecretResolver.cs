using System.Text;

namespace PeakS3Feed.Secrets;

/// <summary>Resolves references to secrets.</summary>
public interface ISecretResolver
{
    /// <summary>Returns the secret. Keep it in memory as briefly as possible, and out of messages and logs.</summary>
    /// <exception cref="Errors.FeedException"><c>SecretNotFound</c>, <c>SecretUnreadable</c> or <c>SecretNeedsPowerShell</c>. The messages contain
    /// the reference, never the value.</exception>
    ValueTask<string> ResolveAsync(SecretReference reference, CancellationToken cancellationToken);
}

/// <summary>Resolves secrets in environment variables, in files of at most 64 KiB and, where the host can open them, in vaults.</summary>
/// <param name="environment">Reads an environment variable; null for the process's own.</param>
/// <param name="vault">Returns the secret with a vault's name and a secret's name, or an empty text if it does not exist. Its errors become
/// <c>SecretUnreadable</c>. Null if the host cannot open vaults; then a secret in a vault is <c>SecretNeedsPowerShell</c>.</param>
public sealed class SecretResolver(
    Func<string, string?>? environment = null, Func<string, string, CancellationToken, Task<string>>? vault = null) : ISecretResolver
{
    /// <summary>The maximum size of a secret's file, in bytes: 64 KiB.</summary>
    public const int MaxFileBytes = 64 * 1024;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly Func<string, string?> _environment = environment ?? Environment.GetEnvironmentVariable;

    /// <inheritdoc/>
    public async ValueTask<string> ResolveAsync(SecretReference reference, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reference);
        return reference.Kind switch
        {
            SecretKind.Environment when _environment(reference.Location) is { Length: > 0 } value => value,
            SecretKind.Environment => throw SecretErrors.VariableMissing(reference),
            SecretKind.File => Text(reference, await ReadAsync(reference, cancellationToken)),
            _ when vault is null => throw SecretErrors.OnlyInPowerShell(reference),
            _ => await ReadVaultAsync(vault, reference, cancellationToken) is { Length: > 0 } value
                ? value
                : throw SecretErrors.VaultLacks(reference),
        };
    }

    private static async Task<string> ReadVaultAsync(
        Func<string, string, CancellationToken, Task<string>> vault, SecretReference reference, CancellationToken cancellationToken)
    {
        try
        {
            return await vault(reference.VaultName!, reference.SecretName!, cancellationToken);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            throw SecretErrors.VaultFailed(reference, error);
        }
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(SecretReference reference, CancellationToken cancellationToken)
    {
        try
        {
            var file = new FileStream(
                reference.Location, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, useAsync: true);
            await using (file)
            {
                // Does not use the file's length: a pipe, as shells create for <(…), has none.
                var bytes = new byte[MaxFileBytes + 1];
                var length = await file.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
                return length <= MaxFileBytes ? bytes.AsMemory(0, length) : throw SecretErrors.FileWrong(reference, "is larger than 64 KiB");
            }
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw SecretErrors.FileMissing(reference, error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw SecretErrors.FileUnreadable(reference, error);
        }
    }

    private static string Text(SecretReference reference, ReadOnlyMemory<byte> bytes)
    {
        var content = bytes.Span;
        if (content.StartsWith("\uFEFF"u8)) content = content["\uFEFF"u8.Length..];
        if (content.EndsWith("\n"u8)) content = content[..^(content.EndsWith("\r\n"u8) ? 2 : 1)];
        if (content.IsEmpty) throw SecretErrors.FileWrong(reference, "is empty");
        try
        {
            return Strict.GetString(content);
        }
        catch (DecoderFallbackException)
        {
            // The exception has the bytes, so it does not become an inner exception.
            throw SecretErrors.FileWrong(reference, "is not UTF-8 text");
        }
    }
}
