using System.Text;
using PeakS3Feed.Errors;
using PeakS3Feed.Secrets;

namespace PeakS3Feed.Tests.Secrets;

public sealed class SecretTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("env:PG_PASSWORD", SecretKind.Environment, "PG_PASSWORD", "env:PG_PASSWORD")]
    [InlineData("ENV:ProgramFiles(x86)", SecretKind.Environment, "ProgramFiles(x86)", "env:ProgramFiles(x86)")]
    [InlineData("vault:Team Vault/db/main", SecretKind.Vault, "Team Vault/db/main", "vault:Team Vault/db/main")]
    public void References_are_read_and_written(string text, SecretKind kind, string location, string written)
    {
        var reference = SecretReference.Parse(text);
        Assert.Equal((kind, location, written), (reference.Kind, reference.Location, reference.ToString()));
        Assert.Equal(reference, SecretReference.Parse(written));
    }

    [SkippableTheory]
    [InlineData("file:/run/secrets/pg", "/run/secrets/pg")]
    [InlineData("file:///run/secrets/p%20g", "/run/secrets/p g")]
    public void Files_are_absolute(string text, string path)
    {
        Skip.If(OperatingSystem.IsWindows());
        Assert.Equal(path, SecretReference.Parse(text).Location);
    }

    [Fact]
    public void Vault_and_name_are_told_apart_at_the_first_slash()
    {
        var reference = SecretReference.Parse("vault:Team/db/main");
        Assert.Equal(("Team", "db/main"), (reference.VaultName, reference.SecretName));
    }

    [Theory]
    [InlineData("hunter2")]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("env:")]
    [InlineData("env:hunter2 =x")]
    [InlineData("file:hunter2")]
    [InlineData("file:~/hunter2")]
    [InlineData("vault:hunter2")]
    [InlineData("vault:/hunter2")]
    [InlineData("postgres://u:hunter2@h/d")]
    public void Anything_else_is_refused_without_being_repeated(string? text)
    {
        var error = Assert.Throws<FeedException>(() => SecretReference.Parse(text));
        Assert.Equal("SecretReferenceInvalid", error.Id);
        Assert.Contains("not the secret itself", error.Message, StringComparison.Ordinal);
        foreach (var kind in (string[])["env:NAME", "file:/PATH", "vault:VAULT/NAME"]) Assert.Contains(kind, error.Hint, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error + error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_variable_is_read_and_missed_by_name()
    {
        var resolver = new SecretResolver(name => name == "THERE" ? " s3cret " : name == "EMPTY" ? "" : null);
        Assert.Equal(" s3cret ", await resolver.ResolveAsync(SecretReference.Parse("env:THERE"), default));
        foreach (var name in (string[])["GONE", "EMPTY"])
        {
            var error = await FailsAsync(resolver, "env:" + name, "SecretNotFound");
            Assert.Contains(name, error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("s3cret\n", "s3cret")]
    [InlineData("s3cret\r\n", "s3cret")]
    [InlineData("s3cret", "s3cret")]
    [InlineData("s3\ncret\n\n", "s3\ncret\n")]
    [InlineData("\uFEFFpässwort\r", "pässwort\r")]
    public async Task A_file_is_read_without_its_last_line_end(string content, string secret)
    {
        await File.WriteAllTextAsync(_folder["pw"], content);
        Assert.Equal(secret, await new SecretResolver().ResolveAsync(SecretReference.Parse("file:" + _folder["pw"]), default));
    }

    [Fact]
    public async Task A_file_is_refused_by_reference_and_never_by_value()
    {
        await FailsAsync(new(), "file:" + _folder["gone"], "SecretNotFound");
        await FailsAsync(new(), "file:" + _folder.Path, "SecretUnreadable");
        await RefusedAsync("\n", "empty");
        await RefusedAsync(new string('x', SecretResolver.MaxFileBytes + 1), "64 KiB");
        await File.WriteAllBytesAsync(_folder["pw"], [.. "hunter2"u8, 0xFF]);
        var error = await FailsAsync(new(), "file:" + _folder["pw"], "SecretUnreadable");
        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
        await File.WriteAllTextAsync(_folder["pw"], new string('x', SecretResolver.MaxFileBytes), Encoding.ASCII);
        Assert.Equal(
            SecretResolver.MaxFileBytes, (await new SecretResolver().ResolveAsync(SecretReference.Parse("file:" + _folder["pw"]), default)).Length);
    }

    [Fact]
    public async Task A_vault_needs_the_cmdlets()
    {
        var error = await FailsAsync(new(), "vault:Team/db", "SecretNeedsPowerShell");
        Assert.Contains("env:NAME", error.Hint, StringComparison.Ordinal);
        Assert.Contains("file:/PATH", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_brings_a_way_into_vaults_gets_their_secrets_and_all_others()
    {
        var resolver = new SecretResolver(
            name => "from " + name, (vault, name, _) => Task.FromResult(name == "db/main" ? $"{name} of {vault}" : ""));
        Assert.Equal("db/main of Team", await resolver.ResolveAsync(SecretReference.Parse("vault:Team/db/main"), default));
        Assert.Equal("from PW", await resolver.ResolveAsync(SecretReference.Parse("env:PW"), default));
        await FailsAsync(resolver, "file:" + _folder["gone"], "SecretNotFound");
        var error = await FailsAsync(resolver, "vault:Team/gone", "SecretNotFound");
        Assert.Contains("the vault Team has no gone", error.Message, StringComparison.Ordinal);
    }

    private async Task RefusedAsync(string content, string says)
    {
        await File.WriteAllTextAsync(_folder["pw"], content);
        Assert.Contains(says, (await FailsAsync(new(), "file:" + _folder["pw"], "SecretUnreadable")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_vault_that_cannot_be_asked_says_why()
    {
        var locked = new SecretResolver(vault: (_, _, _) => throw new InvalidOperationException("The vault is locked."));
        var error = await FailsAsync(locked, "vault:Team/db", "SecretUnreadable");
        Assert.Equal("The secret vault:Team/db cannot be read: The vault is locked.", error.Message);
    }

    private static async Task<FeedException> FailsAsync(SecretResolver resolver, string reference, string id)
    {
        var error = await Assert.ThrowsAsync<FeedException>(async () => await resolver.ResolveAsync(SecretReference.Parse(reference), default));
        Assert.Equal(id, error.Id);
        Assert.Equal(SecretReference.Parse(reference).ToString(), error.Target);
        return error;
    }
}
