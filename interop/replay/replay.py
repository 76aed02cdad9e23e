"""Replays one program's day."""

import sys

import apple
import davx5
import outlook
from device import Device

{"mac": apple.mac, "phone": apple.phone, "davx5": davx5.day, "outlook": outlook.day}[sys.argv[1]](Device())
