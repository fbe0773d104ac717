"""The demonstration district: real 河西区 (120103) with invented people and cases, made by the real actions."""
